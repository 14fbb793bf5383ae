import js from "@eslint/js";
import globals from "globals";

/** What leads away from a page by itself; `leaveOnce` does it once. What a person sends (`submit`) is never held up. */
const roads = "CallExpression[callee.object.name='location']:not(CallExpression[callee.name='leaveOnce'] *)";

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
  {
    files: ["scripts/**"],
    languageOptions: { globals: { ...globals.browser, ...globals.serviceworker, SHELL: "readonly", VERSION: "readonly", APP_VERSION: "readonly" } },
    rules: { "no-restricted-syntax": ["error", { selector: roads, message: "Leave the page by leaveOnce (leave.js)." }] },
  },
  { files: ["*.mjs"], languageOptions: { globals: globals.node } },
];
