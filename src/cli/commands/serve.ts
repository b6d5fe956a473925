import { Command, Option } from 'commander'
import { parseDuration, parseSize, parseWhole } from '../../util/units.ts'
import type { CliContext } from '../_shared/context.ts'
import type { ServeFlags } from '../_shared/serve-gateway.ts'
import { addSteerOptions } from '../_shared/steer-options.ts'

/** `codesteer serve`: the gateway. */
export default function serve(context: CliContext): Command {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value]
  const command = new Command('serve')
    .description('Serve an OpenAI-compatible API whose answers are steered.')
    .option('-p, --port <n>', 'port to listen on; 0 takes a free one', parseWhole('--port', 0, 65_535), 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--api-key <key>',
      `a key that clients must send, in clear or as sha256:<hex>; may be repeated (also $CODESTEER_SERVE_KEYS, separated by commas)`,
      collect,
    )
    .option('--api-key-file <file>', 'keys, one a line')
    .option('--no-auth', 'let everybody in who can reach the address')
    .option('--allow-host <name>', 'answer under this host name, too, when there are no keys; may be repeated', collect)
    .option(
      '--concurrency <n>',
      'requests worked on at once; more get 429',
      parseWhole('--concurrency', 1, 100_000),
      256,
    )
    .option('--rate <n>', 'requests a minute for each client; more get 429', parseWhole('--rate', 1, 1e6))
    .addOption(new Option('--max-body <size>', 'size of a request at most').argParser(parseSize).default(2 ** 20, '1M'))
    .option(
      '--parallel <n>',
      'programs that run at once (default: the number of cores)',
      parseWhole('--parallel', 1, 1_000),
    )
    .addOption(
      new Option('--grace <duration>', 'how long requests may finish after SIGTERM or Ctrl-C')
        .argParser(parseDuration)
        .default(30_000, '30s'),
    )
  addSteerOptions(command, null)
  return command.addHelpText('after', help).action(async (flags: ServeFlags) => {
    // Loaded when it is needed: no other command pays for the server.
    const { serveGateway } = await import('../_shared/serve-gateway.ts')
    await serveGateway(flags, context)
  })
}

const help = `
A request may take 10 minutes unless --max-time says otherwise. The access log is JSON Lines on standard error, without bodies. SIGTERM and Ctrl-C let requests under way finish (exit code 0).

Examples:
  codesteer serve --model openai/gpt-4.1-mini --coach prompted:openai/gpt-4.1
  codesteer serve --model openai-compatible/my-model --base-url http://localhost:8000/v1 --port 9000
  CODESTEER_SERVE_KEYS=$(openssl rand -hex 24) codesteer serve --host 0.0.0.0

  curl http://127.0.0.1:8080/v1/chat/completions -H 'content-type: application/json' \\
    -d '{"model": "codesteer", "messages": [{"role": "user", "content": "9.11 or 9.9, which is larger?"}]}'
  curl http://127.0.0.1:8080/v1/models`
