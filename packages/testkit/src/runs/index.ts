export { runNames, runOf, type RunName } from './runs.ts'
export { tell, type Told } from './tell.ts'
