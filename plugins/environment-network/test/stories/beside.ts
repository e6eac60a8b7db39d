import { act, valuesOf } from '../support/story.ts'

// while a run has applied, another start looks at the machine, and a third one wants to apply too

const [, , root = '/'] = process.argv
const keys = ['net.core.somaxconn']

const run = await act('hold', { root, apply: keys })
const look = await act('discover', { root })
const during = await valuesOf(root, keys)
const other = await act('apply', { root, apply: keys })
await run.kill()
console.log(JSON.stringify({ during, warnings: look.told.warnings, other: other.told }))
