export { formatCpuList, parseCpuList } from './cpu-list.ts'
export { numberIn, readNumber, readText } from './files.ts'
