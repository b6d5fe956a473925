// A server that thinks for 100 ms: for bench/loop.ts.
export default () => ({ text: 'step by step <<<42>>>', delayMs: 100 })
