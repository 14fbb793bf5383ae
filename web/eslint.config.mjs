import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    rules: {
      eqeqeq: ["error", "smart"],
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-globals": "error",
      "no-eval": "error",
    },
  },
  { files: ["scripts/**"], languageOptions: { globals: { ...globals.browser, ...globals.serviceworker, SHELL: "readonly", VERSION: "readonly", APP_VERSION: "readonly" } } },
  { files: ["*.mjs"], languageOptions: { globals: globals.node } },
];
