/* Files on their way, kept in this browser so that sending goes on after the page was loaded anew.
   Each is forgotten once it has arrived or was taken back, and after a day at the latest. Where the
   browser keeps nothing (a private window) everything works but that. */
const DAY = 24 * 3600 * 1000;
const STORE = "files";

const opened = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open("photo-uploads", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const act = async (mode, work) => {
  try {
    const database = await opened();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    return undefined;
  }
};

export const keep = (entry) => act("readwrite", (store) => store.put({ ...entry, at: Date.now() }));

export const forget = (id) => act("readwrite", (store) => store.delete(id));

/* What was left on its way from the page at `path`. */
export const left = async (path) => {
  const all = (await act("readonly", (store) => store.getAll())) ?? [];
  for (const entry of all) {
    if (Date.now() - entry.at > DAY) forget(entry.id);
  }
  return all.filter((entry) => entry.path === path && Date.now() - entry.at <= DAY);
};
