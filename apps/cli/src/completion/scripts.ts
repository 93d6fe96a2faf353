/** Shells that can be told how to complete. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** The command that scripts ask; nobody types it. */
export const COMPLETE_COMMAND = "__complete";

/** The line that says that names of files would do as well. */
export const FILES = ":files";

/**
 * What makes a shell complete `lotty`. Words are handed on as they are and never evaluated: completing a line runs nothing that is
 * written in it.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_lotty() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ${FILES} ]]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <("$1" ${COMPLETE_COMMAND} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _lotty lotty
`,
  zsh: `#compdef lotty
_lotty() {
  local line files=0
  local -a described
  while IFS= read -r line; do
    if [[ $line == ${FILES} ]]; then
      files=1
    else
      described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <("\${words[1]}" ${COMPLETE_COMMAND} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#described} )) && _describe lotty described
  (( files )) && _files
}
if [[ "\${funcstack[1]}" == _lotty ]]; then
  _lotty "$@"
else
  compdef _lotty lotty
fi
`,
  fish: `function __lotty_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] ${COMPLETE_COMMAND} $words[2..-1] 2>/dev/null)
        if test "$line" = "${FILES}"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c lotty -f -a "(__lotty_complete)"
`,
};
