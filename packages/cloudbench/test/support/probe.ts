/** The text of a reporter that says `an interval` when load has been under way for one. */
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
