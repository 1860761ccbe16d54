/*
 * Preloaded into every server that is measured: tells the runner, over IPC, what the process has used so far. CPU is
 * user and system time of all threads, so that garbage collection and the thread pool count.
 */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ usage: { cpuUs: user + system, rssBytes: process.memoryUsage.rss() } });
});
process.channel?.unref();
