import { Command, Option } from 'commander'
import { parseDuration, parseWhole } from '../../util/units.ts'
import type { CliContext } from '../_shared/context.ts'
import type { McpFlags } from '../_shared/serve-mcp.ts'
import { addSteerOptions } from '../_shared/steer-options.ts'

/** `codesteer mcp`: the tools of CodeSteer for MCP clients. */
export default function mcp(context: CliContext): Command {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value]
  const command = new Command('mcp')
    .description(
      'Serve MCP clients: steer, run_python, check_code, symbench_draw, symbench_judge; over stdio, or HTTP with --http.',
    )
    .option('--http', 'listen for Streamable HTTP at /mcp instead of speaking over standard input and output')
    .option('-p, --port <n>', 'with --http: port; 0 takes a free one', parseWhole('--port', 0, 65_535), 8081)
    .option('--host <address>', 'with --http: address to listen on', '127.0.0.1')
    .option(
      '--api-key <key>',
      'with --http: a key that clients must send, in clear or as sha256:<hex>; may be repeated (also $CODESTEER_SERVE_KEYS, separated by commas)',
      collect,
    )
    .option('--api-key-file <file>', 'with --http: keys, one a line')
    .option('--no-auth', 'with --http: let everybody in who can reach the address')
    .option('--allow-host <name>', 'with --http: answer this Host and Origin name, too; may be repeated', collect)
    .option('--concurrency <n>', 'tool calls at once; more are refused', parseWhole('--concurrency', 1, 10_000), 16)
    .option(
      '--parallel <n>',
      'programs that run at once (default: the number of cores)',
      parseWhole('--parallel', 1, 1_000),
    )
    .addOption(
      new Option('--grace <duration>', 'with --http: how long calls may finish after SIGTERM or Ctrl-C')
        .argParser(parseDuration)
        .default(30_000, '30s'),
    )
  addSteerOptions(command)
  return command.addHelpText('after', help).action(async (flags: McpFlags) => {
    // Loaded when it is needed: no other command pays for the server.
    const { serveMcp } = await import('../_shared/serve-mcp.ts')
    await serveMcp(flags, context)
  })
}

const help = `
Clients start it themselves; how to tell them: docs/mcp.md. Standard output carries the protocol and nothing else. Trajectories are kept as those of codesteer ask; name a folder that can be written with --out, since clients start servers anywhere. A question may take 10 minutes unless --max-time says otherwise.

Examples:
  codesteer mcp --model openai/gpt-4.1-mini --out ~/.codesteer
  codesteer mcp --http --port 8081
  CODESTEER_SERVE_KEYS=$(openssl rand -hex 24) codesteer mcp --http --host 0.0.0.0`
