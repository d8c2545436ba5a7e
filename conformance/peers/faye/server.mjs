// Faye's NodeAdapter as a reference server: node server.mjs PORT [TIMEOUT_S].
// Its process is known to die of clients that vanish (ERR_HTTP_HEADERS_SENT), so a parent keeps it running and says so.
import { fork } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import faye from "faye";

const [port, timeoutS = "2"] = process.argv.slice(2);

function serve() {
  const server = createServer();
  new faye.NodeAdapter({ mount: "/bayeux", timeout: Number(timeoutS) }).attach(server);
  server.listen(Number(port), "127.0.0.1", () => process.send("ready"));
  process.on("disconnect", () => process.exit());
}

function keepServing() {
  let stopping = false;
  let child;
  const start = () => {
    child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), { env: { ...process.env, FAYE_CHILD: "1" } });
    child.once("message", () => console.log("ready"));
    child.once("exit", (code) => {
      if (!stopping) {
        console.log(`faye ended with ${code}; it is started again`);
        start();
      }
    });
  };
  const stop = () => {
    stopping = true;
    child.kill();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  start();
}

if (process.env.FAYE_CHILD) {
  serve();
} else {
  keepServing();
}
