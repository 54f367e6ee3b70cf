/** Two frames later what an action changed is drawn; a tab that draws nothing is not waited for. */
new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(resolve));
  setTimeout(resolve, 200);
});
