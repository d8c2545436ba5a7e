// What the tests have a stock client do, in the words of each family, in Node and in a browser alike.
// Every verb returns a promise; what the client hears is told as [subscription, channel, data] to whom was named.

/**
 * How many messages are published at a time, before their answers: few enough for one request of each client, as Faye sends
 * several requests beside one another, which may overtake. It takes 2,048 characters, and counts them encoded for URLs.
 */
const GROUP = 8;

/** CometD of any version; the object is made by the caller, and knows only the transport that it is to use. */
export class CometdVerbs {
  constructor(cometd, hear) {
    this.cometd = cometd;
    this.hear = hear;
    this.subscriptions = new Map();
    this.handshakes = 0;
    cometd.addListener("/meta/handshake", (reply) => {
      if (reply.successful) {
        this.handshakes++;
        // As its manual says: a new session has no subscriptions, and the old ones were forgotten.
        cometd.batch(() => [...this.subscriptions.keys()].forEach((channel) => this.listen(channel)));
      }
    });
  }

  start(url) {
    this.cometd.configure({ url, backoffIncrement: 200, maxBackoff: 1000, logLevel: "error" });
    return new Promise((done) => {
      const first = this.cometd.addListener("/meta/connect", (reply) => {
        if (reply.successful) {
          this.cometd.removeListener(first);
          done();
        }
      });
      this.cometd.handshake();
    });
  }

  transport() {
    const transport = this.cometd.getTransport();
    return transport.getType?.() ?? transport.type; // a property since 9
  }

  listen(channel, answered) {
    this.subscriptions.set(
      channel,
      this.cometd.subscribe(channel, (message) => this.hear([channel, message.channel, message.data]), answered),
    );
  }

  subscribe(channel) {
    return answer((answered) => this.listen(channel, answered));
  }

  unsubscribe(channel) {
    const subscription = this.subscriptions.get(channel);
    this.subscriptions.delete(channel);
    return answer((answered) => this.cometd.unsubscribe(subscription, answered));
  }

  publish(channel, data) {
    return answer((answered) => this.cometd.publish(channel, data, answered));
  }

  batch(messages) {
    let all;
    this.cometd.batch(() => (all = messages.map(([channel, data]) => this.publish(channel, data))));
    return Promise.all(all);
  }

  publishAll(channel, from, to) {
    return inGroups(this, channel, from, to);
  }

  disconnect() {
    return answer((answered) => this.cometd.disconnect(answered));
  }
}

/** Faye of any version. It subscribes again by itself, and sends again what was not answered. */
export class FayeVerbs {
  constructor(makeClient, hear) {
    this.makeClient = makeClient;
    this.hear = hear;
    this.subscriptions = new Map();
    this.handshakes = 0;
  }

  start(url) {
    this.client = this.makeClient(url);
    this.client.addExtension({
      incoming: (message, next) => {
        this.handshakes += message.channel === "/meta/handshake" && message.successful ? 1 : 0;
        next(message);
      },
    });
    return new Promise((done) => this.client.connect(done));
  }

  transport() {
    return this.client._dispatcher.connectionType;
  }

  async subscribe(channel) {
    // Since 1.2 withChannel tells which channel a message came by.
    const subscription = this.client
      .subscribe(channel)
      .withChannel((from, data) => this.hear([channel, from, data]));
    this.subscriptions.set(channel, subscription);
    await subscription;
  }

  async unsubscribe(channel) {
    this.subscriptions.get(channel).cancel();
    this.subscriptions.delete(channel);
  }

  async publish(channel, data) {
    await this.client.publish(channel, data);
  }

  async batch(messages) {
    // What is said in one tick goes in one request.
    await Promise.all(messages.map(([channel, data]) => this.client.publish(channel, data)));
  }

  publishAll(channel, from, to) {
    return inGroups(this, channel, from, to);
  }

  async disconnect() {
    await this.client.disconnect();
  }
}

/** Carries a verb out, and bounds it: what a stock client does not do in time, it does not do. */
export function run(client, verb, args, timeoutMs) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error(`${verb}: not in ${timeoutMs} ms`)), timeoutMs));
  const done = async () => (verb === "handshakes" ? client.handshakes : client[verb](...args));
  return Promise.race([done().catch(tell), late]);
}

/** Faye's errors have what the server said in fields that do not show. */
function tell(error) {
  throw error instanceof Error ? error : new Error(`${error?.code} ${error?.params} ${error?.message}`);
}

/** Makes a promise of the callback that CometD gives a reply. */
function answer(ask) {
  return new Promise((done, fail) =>
    ask((reply) => (reply.successful ? done() : fail(new Error(JSON.stringify(reply))))),
  );
}

/** Publishes numbers: each group when the one before was answered. */
async function inGroups(client, channel, from, to) {
  for (let first = from; first < to; first += GROUP) {
    const numbers = Array.from({ length: Math.min(GROUP, to - first) }, (_, i) => first + i);
    await client.batch(numbers.map((number) => [channel, number]));
  }
}
