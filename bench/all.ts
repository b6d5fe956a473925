// The ratios that we promise, each measured against a floor or a peer in the same run: npm run bench
import { measure as measureChecker } from './checker.ts'
import { measureCrowd, measureTurns } from './loop.ts'
import { measure as measureSandbox } from './sandbox.ts'

console.log(JSON.stringify({ loop: await measureTurns() }))
console.log(JSON.stringify({ crowd: await measureCrowd(1_000, 20) }))
console.log(JSON.stringify({ sandbox: await measureSandbox() }))
console.log(JSON.stringify({ checker: await measureChecker() }))
