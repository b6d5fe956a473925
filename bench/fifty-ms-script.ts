// A server that thinks for 50 ms: for bench/run.ts.
export default () => ({ text: 'step by step <<<42>>>', delayMs: 50 })
