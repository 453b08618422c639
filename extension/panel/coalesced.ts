/** Runs `act` once at a time; asked again while it runs, once more afterwards, however often it was asked. */
export function coalesced(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  return () => {
    again = running !== undefined;
    running ??= (async () => {
      try {
        do {
          again = false;
          await act();
        } while (again);
      } finally {
        running = undefined;
      }
    })();
    return running;
  };
}
