// One stock client in a Node process of its own: node node.mjs LIBRARY TRANSPORT [ack]. A line on its input is a command,
// [number, verb, arguments, timeoutMs]; a line of its output is an answer, {"answer":number,"value":…} or with "error", or
// what was heard, {"heard":[subscription, channel, data]}.
import { createInterface } from "node:readline";
import { CometdVerbs, FayeVerbs, run } from "./verbs.mjs";

const [library, transport, ack] = process.argv.slice(2);

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const hear = (heard) => say({ heard });

const makers = {
  "cometd-9": async () => {
    (await import("cometd-nodejs-client")).adapt();
    const { CometD, AckExtension } = await import("cometd");
    return cometd(new CometD(), AckExtension);
  },
  "cometd-7": () => older("cometd-7"),
  "cometd-4": () => older("cometd-4"),
  "faye-1.4": () => faye("faye"),
  "faye-1.2": () => faye("faye-1.2"),
};

async function older(name) {
  (await import("cometd-nodejs-client-1")).default.adapt();
  const { CometD } = (await import(name)).default;
  return cometd(new CometD(), (await import(`${name}/AckExtension.js`)).default);
}

function cometd(client, AckExtension) {
  client.getTransportTypes().filter((type) => type !== transport).forEach((type) => client.unregisterTransport(type));
  if (ack) {
    client.registerExtension("ack", new AckExtension());
  }
  return new CometdVerbs(client, hear);
}

async function faye(name) {
  const { Client } = (await import(name)).default;
  return new FayeVerbs((url) => {
    const client = new Client(url, { retry: 1 });
    ["in-process", "websocket"].filter((type) => type !== transport).forEach((type) => client.disable(type));
    return client;
  }, hear);
}

const client = await makers[library]();
console.log = console.debug = console.info = (...words) => console.error(...words); // The output is for lines alone.
globalThis.window && (globalThis.window.console = console);

const input = createInterface({ input: process.stdin });
input.on("line", (line) => {
  const [answer, verb, args, timeoutMs] = JSON.parse(line);
  run(client, verb, args, timeoutMs).then(
    (value) => say({ answer, value }),
    (error) => say({ answer, error: String(error?.message ?? error) }),
  );
});
input.on("close", () => process.exit());
