/** Whether nothing in the document changed for `rest` milliseconds, before `patience` milliseconds were over. */
({ rest, patience }) =>
  new Promise((resolve) => {
    const done = (isAtRest) => {
      observer.disconnect();
      clearTimeout(resting);
      clearTimeout(giveUp);
      resolve(isAtRest);
    };
    const observer = new MutationObserver(() => {
      clearTimeout(resting);
      resting = setTimeout(done, rest, true);
    });
    const giveUp = setTimeout(done, patience, false);
    let resting = setTimeout(done, rest, true);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
