import { Argument, type Command } from "commander";
import { COMPLETION_SCRIPTS, type Shell, SHELLS } from "../completion/scripts.ts";
import { write } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

const EXAMPLES = `
Examples:
  $ source <(lotty completion bash)                                  now; in ~/.bashrc for always
  $ lotty completion zsh > "\${fpath[1]}/_lotty"                      a folder of your fpath
  $ lotty completion fish > ~/.config/fish/completions/lotty.fish`;

/** `lotty completion`: makes a shell complete commands and options. */
export function addCompletionCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("completion")
    .summary("print what makes a shell complete commands and options")
    .description("Print a script that makes a shell complete commands, options and their values.")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", EXAMPLES)
    .action((shell: Shell) => write(terminal.out, COMPLETION_SCRIPTS[shell]));
}
