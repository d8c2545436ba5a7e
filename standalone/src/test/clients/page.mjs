// One stock client in a page: window.start(library, transport) makes it, window.run(verb, arguments, timeoutMs) has it do
// something, window.takeHeard() takes what was heard since.
import { CometdVerbs, FayeVerbs, run } from "./verbs.mjs";

let heard = [];
let client;

async function cometd(transport) {
  const { CometD } = await import("./node_modules/cometd/cometd.js");
  const cometd = new CometD();
  cometd.getTransportTypes().filter((type) => type !== transport).forEach((type) => cometd.unregisterTransport(type));
  return new CometdVerbs(cometd, (one) => heard.push(one));
}

// Its handshake needs one of these whatever is chosen later: which, the page's origin decides.
const OF_THE_HANDSHAKE = ["long-polling", "callback-polling"];
const OF_FAYE = ["websocket", "eventsource", "long-polling", "cross-origin-long-polling", "callback-polling"];

async function faye(folder, transport) {
  await new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = `node_modules/${folder}/client/faye-browser-min.js`;
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
  });
  return new FayeVerbs(
    (url) => {
      const client = new window.Faye.Client(url, { retry: 1 });
      OF_FAYE.filter((type) => type !== transport && !OF_THE_HANDSHAKE.includes(type)).forEach((type) => client.disable(type));
      return client;
    },
    (one) => heard.push(one),
  );
}

window.start = async (library, transport) => {
  client = await {
    "cometd-9": () => cometd(transport),
    "faye-1.4": () => faye("faye", transport),
    "faye-1.2": () => faye("faye-1.2", transport),
  }[library]();
};

window.run = (verb, args, timeoutMs) => run(client, verb, args, timeoutMs);

window.takeHeard = () => heard.splice(0);
