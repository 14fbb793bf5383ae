// A certified OpenID provider on this machine, for the tests: who signs in there is whoever types a name.
// Its client and people are given as JSON; POST /rotate gives it another key, as providers do from time to time.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { client, people } = JSON.parse(process.argv[2]);

/** @param {string} issuer */
function provider(issuer) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const made = new Provider(issuer, {
    clients: [{ response_types: ["code"], grant_types: ["authorization_code"], require_auth_time: true, ...client }],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig" }] },
    cookies: { keys: ["tests"] },
    claims: { openid: ["sub"], profile: ["name", "employee_number"] },
    pkce: { required: () => true },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    // nobody is asked whether the organ's own application may know a name
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  return made.callback();
}

const server = createServer();
server.listen(Number(process.argv[3] ?? 0), "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  let answer = provider(issuer);
  server.on("request", (request, response) => {
    if (request.method === "POST" && request.url === "/rotate") {
      answer = provider(issuer);
      response.end();
    } else answer(request, response);
  });
  console.log(issuer);
});
