#!/usr/bin/env bash
# A resumed upload whose address holds another finished file.
#
# Guess: a tus client compares the length that the server states with its own file's before it goes on.
# Seen: tus-js-client 4.2.3 asks for the offset only. When the address holds a finished upload of 11 bytes, resuming
#   one of 5000 bytes ends in success after one HEAD request; not a byte was sent.
# Why it matters: the page says that the deed was sent, and the dossier holds another file under its name.
# What we do instead: an upload is resumed only for a file of the same name, size and date (frontend/js/upload.js), and
#   the server gives each an address that no other file gets.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts tus-js-client@4.2.3
cat >"$dir/try.mjs" <<'JS'
import http from "node:http";
import { createRequire } from "node:module";

const { Upload } = createRequire(import.meta.url)("tus-js-client");
const asked = [];
const server = http.createServer((request, response) => {
  asked.push(request.method);
  request.resume();
  response.setHeader("Tus-Resumable", "1.0.0");
  if (request.method === "HEAD") response.setHeader("Upload-Offset", 11).setHeader("Upload-Length", 11);
  response.writeHead(request.method === "HEAD" ? 200 : 409).end();
});
server.listen(0, "127.0.0.1", () => {
  const ended = (how) => {
    server.close();
    console.log("tus-js-client 4.2.3");
    console.log("guess: an error, or the file sent anew");
    console.log(`seen:  ${how} after ${asked.join(", ")}`);
    if (`${how} ${asked}` !== "success HEAD") throw new Error("the behaviour has changed");
  };
  new Upload(Buffer.alloc(5000), {
    uploadUrl: `http://127.0.0.1:${server.address().port}/files/1`,
    uploadSize: 5000,
    retryDelays: null,
    onSuccess: () => ended("success"),
    onError: (error) => ended(`error (${error.message})`),
  }).start();
});
JS
node "$dir/try.mjs"
