import { defineEnvironment } from '../../src/index.ts'

/** A young generation so large that nothing is collected while the heap is metered. */
export default defineEnvironment({
  name: 'young',
  launch(launch) {
    launch.execArgv.push('--max-semi-space-size=1024', '--min-semi-space-size=1024')
  },
})
