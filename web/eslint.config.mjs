import js from "@eslint/js";
import globals from "globals";

/** What leads away from a page; `leaveOnce` does it once. */
const LEAVES = ["[callee.object.name='location']", "[callee.property.type='Identifier'][callee.property.name='submit']"];
const roads = LEAVES.map((callee) => `CallExpression${callee}:not(CallExpression[callee.name='leaveOnce'] *)`);

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
    rules: { "no-restricted-syntax": ["error", { selector: roads.join(), message: "Leave the page by leaveOnce (leave.js)." }] },
  },
  { files: ["*.mjs"], languageOptions: { globals: globals.node } },
];
