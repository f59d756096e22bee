// The editor of the query page: CodeMirror 6 with SPARQL, loaded when a reader begins to write.
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "light-dark(#7c1d6f,#f0abfc)", fontWeight: "600" },
  { tag: [tags.string, tags.literal], color: "light-dark(#166534,#86efac)" },
  { tag: tags.variableName, color: "light-dark(#0b4f9e,#8ab8f5)" },
  { tag: tags.comment, color: "light-dark(#545c66,#aab2bd)" },
]);
const words = ["SELECT", "WHERE", "GRAPH ?voice { }", "OPTIONAL", "FILTER", "ORDER BY", "LIMIT", "dk:Person", "dk:Execution", "dk:claimant", "dk:inSource", "dk:place", "skos:prefLabel"].map((label) => ({ label }));
const complete = (context) => {
  const word = context.matchBefore(/[\w:]+/);
  return word || context.explicit ? { from: word ? word.from : context.pos, options: words } : null;
};

// Puts an editor in the place of a text field; the field stays in the form and keeps what is written.
export function upgrade(holder, field, label) {
  const sent = EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); });
  // in a shadow root its styles are adopted sheets, which the content policy allows; style elements it does not
  const host = document.createElement("div");
  holder.append(host);
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), history(), EditorView.lineWrapping, bracketMatching(), closeBrackets(), syntaxHighlighting(colours),
        StreamLanguage.define(sparql), autocompletion({ override: [complete] }), sent,
        EditorView.contentAttributes.of({ "aria-label": label, dir: "ltr" }),
        EditorView.theme({ "&": { border: "1px solid light-dark(#7b8285,#7f8a8c)", borderRadius: "8px", background: "light-dark(#fff,#1c2224)", fontSize: ".9rem" }, "&.cm-focused": { outline: "3px solid light-dark(#a8480b,#f7b267)" }, ".cm-scroller": { fontFamily: "ui-monospace,monospace", padding: ".5rem" }, ".cm-gutters": { backgroundColor: "transparent", color: "inherit", border: "none" }, ".cm-content": { caretColor: "currentColor" } }),
        keymap.of([{ key: "Mod-Enter", run: () => (field.form.requestSubmit(), true) }, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      ],
    }),
  });
  field.hidden = true;
  view.dispatch({ selection: { anchor: Math.min(field.selectionStart, view.state.doc.length) } });
  view.focus();
}
