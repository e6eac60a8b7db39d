/** The text of a reporter that prints `an interval` after the first interval of load. */
export const probe = `
import { defineReporter } from '@cloudbench/core'
let told = false
export default defineReporter({
  name: 'probe',
  create: ({ log }) => ({
    onInterval() {
      if (!told) log.warn('an interval')
      told = true
    },
  }),
})
`
