export { readNumber, readText } from './files.ts'
