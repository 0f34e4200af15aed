/* One file sent in pieces that survive a lost connection: tus 1.0.0, as docs/uploads.md describes it.
   Whatever can be tried again is tried again, later each time, and at once when the phone is online. */
const PIECE = 256 * 1024;
const WAITS = [1, 2, 4, 8, 15, 30];
const SILENT = 60000;

/* The server will not take it, whatever is tried; the message is for people. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/* The connection, the server or a limit is in the way for now. */
class Later extends Error {
  constructor(seconds) {
    super("later");
    this.seconds = seconds;
  }
}

const problemOf = (request) => {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
};

const ask = (upload, method, url, headers, body, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new Later());
    request.open(method, url);
    request.timeout = SILENT;
    const all = { "Tus-Resumable": "1.0.0", "X-CSRFToken": upload.csrf, Accept: "application/json", ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onerror = lost;
    request.ontimeout = lost;
    request.onabort = lost;
    request.onload = () => resolve(request);
    upload.request = request;
    request.send(body ?? null);
  });

const check = (request) => {
  if (request.status < 300) return;
  const problem = problemOf(request);
  if (request.status === 429) throw new Later(Number(request.getResponseHeader("Retry-After")) || 30);
  if (request.status >= 500 || request.status === 408) throw new Later();
  const fields = Object.values(problem.errors ?? {}).flat();
  throw new Refused(fields[0] ?? problem.detail ?? "", request.status);
};

const inBase64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const begin = async (upload) => {
  const pairs = Object.entries(upload.metadata).map(([name, value]) => `${name} ${inBase64(value)}`);
  const headers = { "Upload-Length": String(upload.file.size), "Upload-Metadata": pairs.join(",") };
  const answer = await ask(upload, "POST", upload.endpoint, headers);
  check(answer);
  upload.url = answer.getResponseHeader("Location");
  upload.offset = 0;
  await upload.begun?.();
};

/* After a break nobody knows what arrived, but the server. */
const find = async (upload) => {
  const answer = await ask(upload, "GET", upload.url);
  if (answer.status === 404) {
    upload.url = null;
    return;
  }
  check(answer);
  const found = problemOf(answer);
  if (found.refusal) throw new Refused(found.refusal, 422);
  upload.offset = found.offset;
  upload.done = Boolean(found.photo_id);
};

const sendPiece = async (upload) => {
  const from = upload.offset;
  const piece = upload.file.slice(from, from + PIECE);
  const headers = { "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" };
  const answer = await ask(upload, "PATCH", upload.url, headers, piece, (sent) => {
    upload.progress?.((from + Math.min(sent, piece.size)) / upload.file.size);
  });
  if (answer.status === 404 || (answer.status === 409 && problemOf(answer).code === "upload_offset")) {
    upload.offset = null;
    return;
  }
  check(answer);
  upload.offset = Number(answer.getResponseHeader("Upload-Offset"));
  upload.done = upload.offset === upload.file.size;
};

const step = (upload) => {
  if (!upload.url) return begin(upload);
  return upload.offset == null ? find(upload) : sendPiece(upload);
};

const pause = (seconds) =>
  new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, seconds * 1000);
    addEventListener("online", go);
  });

/* Send `upload`: {file, endpoint, metadata, csrf, url?, begun(), progress(share), waiting(), going()}.
   Ends when the photo has arrived or the upload was cancelled; throws Refused. */
export const send = async (upload) => {
  let tries = 0;
  /* A request that hangs would notice only after a minute that the phone is offline. */
  const hangUp = () => upload.request?.abort();
  addEventListener("offline", hangUp);
  upload.offset = null;
  while (!upload.done && !upload.cancelled) {
    try {
      await step(upload);
      upload.progress?.((upload.offset ?? 0) / upload.file.size);
      if (tries) upload.going?.();
      tries = 0;
    } catch (error) {
      if (upload.cancelled) break;
      if (!(error instanceof Later)) {
        removeEventListener("offline", hangUp);
        throw error;
      }
      upload.offset = null;
      upload.waiting?.();
      await pause(error.seconds ?? WAITS[Math.min(tries, WAITS.length - 1)]);
      tries += 1;
    }
  }
  removeEventListener("offline", hangUp);
};

export const cancel = (upload) => {
  upload.cancelled = true;
  upload.request?.abort();
  if (upload.url) ask(upload, "DELETE", upload.url).catch(() => {});
};
