// Faye's NodeAdapter as a reference server: node server.mjs PORT [TIMEOUT_S]. With port 0 it takes a free one and says which.
// Its process is known to die of clients that vanish (ERR_HTTP_HEADERS_SENT), so a parent keeps it running and says so.
import { fork } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import faye from "faye";

const [port = "0", timeoutS = "2"] = process.argv.slice(2);

function serve() {
  const server = createServer();
  new faye.NodeAdapter({ mount: "/bayeux", timeout: Number(timeoutS) }).attach(server);
  server.listen(Number(port), "127.0.0.1", () => process.send(server.address().port));
  process.on("disconnect", () => process.exit());
}

function keepServing() {
  let stopping = false;
  let child;
  const start = (onPort) => {
    const options = { env: { ...process.env, FAYE_CHILD: "1" } };
    child = fork(fileURLToPath(import.meta.url), [onPort, timeoutS], options);
    child.once("message", (taken) => {
      onPort = String(taken);
      console.log(`ready ${taken}`);
    });
    child.once("exit", (code) => {
      if (!stopping) {
        console.log(`faye ended with ${code}; it is started again`);
        start(onPort);
      }
    });
  };
  const stop = () => {
    stopping = true;
    child.kill();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  start(port);
}

if (process.env.FAYE_CHILD) {
  serve();
} else {
  keepServing();
}
