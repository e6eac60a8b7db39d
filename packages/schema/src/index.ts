import { config } from 'zod'

// options are checked once: to compile a schema, as the library would, takes longer than that
config({ jitless: true })

export * as z from './zod.ts'
