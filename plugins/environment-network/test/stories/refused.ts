import { act, valuesOf } from '../support/story.ts'

// the second of two settings cannot be written

const [, , root = '/'] = process.argv
const keys = ['net.core.rmem_max', 'net.core.somaxconn']

const before = await valuesOf(root, keys)
const { told: advised } = await act('advise', { root, apply: keys })
const { told } = await act('apply', { root, apply: keys })
console.log(JSON.stringify({ before, after: await valuesOf(root, keys), told, advice: advised.advice }))
