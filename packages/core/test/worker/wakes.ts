import { tickPacer } from '../../src/worker/tick-pacer.ts'

// arms a tick pacer again and again, about when its thread is done with a tick and looks for what is due next. Prints how often it
// was woken: 30000 times, or fewer where a wake was lost. A pacer that forgot one in ten thousand was found this way.

const most = 30_000
/** A thread that has lost a wake sleeps for ever; this long without one is no busy machine. */
const asleepMs = 30_000

let count = 0
let guard: NodeJS.Timeout | undefined

const pacer = tickPacer(() => {
  if (++count % 1_000 === 0) watch()
  if (count === most) {
    end()
    return
  }
  const untilMs = performance.now() + 0.05 + 0.25 * Math.random()
  while (performance.now() < untilMs);
  pacer.arm(performance.now() + 0.02 * Math.random())
})
watch()
pacer.arm(performance.now())

function watch(): void {
  clearTimeout(guard)
  guard = setTimeout(end, asleepMs)
}

function end(): void {
  clearTimeout(guard)
  pacer.close()
  console.log(`${count} wakes`)
}
