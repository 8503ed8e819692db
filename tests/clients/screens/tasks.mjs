// How long a page keeps its main thread, task by task: a tap waits for as long as the longest.
//
// In CPU time: a machine that others use as well makes any task long by the clock, and a page that computes too much is as
// slow on a machine of its own. What it was by the clock is told beside it.

let recordings = 0;

// What `act` makes `page` do: `{cpu, clock}` of the longest task, in ms.
export async function longestTask(page, act) {
  const browser = page.context().browser();
  const mark = `recording ${(recordings += 1)}`;
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  await act();
  // Says which of the browser's threads is this page's.
  await page.evaluate((name) => { performance.mark(name); }, mark);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const { pid, tid } = traceEvents.find(({ name }) => name === mark);
  const tasks = traceEvents.filter((one) => one.pid === pid && one.tid === tid && one.name === 'ThreadControllerImpl::RunTask' && one.tdur);
  if (!tasks.length) throw new Error('no task was recorded');
  const longest = (time) => Math.max(...tasks.map((task) => task[time])) / 1000;
  return { cpu: longest('tdur'), clock: longest('dur') };
}
