import { eng } from "stopword";

/** Words of web pages and code that say nothing about a text, and function words that the list of stop words lacks. */
const noise = "http https www com org github html npm via etc true false null undefined may does its two without either even whether instead please yet per however don doesn non see may just etc based still cannot able above below".split(" ");
const stop = new Set([...eng, ...noise]);
const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/** The words of a Markdown text that carry meaning, in lower case and in order. */
export function wordsOf(markdown: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(prose(markdown))) {
    if (isWordLike !== true) continue;
    const word = segment.toLowerCase().replaceAll("’", "'").replace(/'s$/, "");
    if (/^\p{L}{3,24}$/u.test(word) && !stop.has(word)) words.push(word);
  }
  return words;
}

/** Markdown without code, tags, addresses and link targets: what a reader reads. */
function prose(markdown: string): string {
  return markdown
    .replace(/^---\n[\s\S]*?\n---\n/, " ")
    .replace(/^ {0,3}(```+|~~~+)[\s\S]*?^ {0,3}\1/gm, " ")
    .replace(/`([^`\n]*)`/g, (_, code: string) => (/^[a-z]+$/i.test(code) ? code : " "))
    .replace(/<!--[\s\S]*?-->/g, " ")
    .replace(/<[^>\n]*>/g, " ")
    .replace(/!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])?/g, " ")
    .replace(/\]\([^)]*\)/g, " ")
    .replace(/^\s*\[[^\]]+\]:.*$/gm, " ")
    .replace(/\b\w+:\/\/\S+/g, " ")
    .replace(/\S+@\S+/g, " ")
    .replace(/\b[\w-]+\.(?:js|ts|json|md|com|org|io|dev)\b/gi, " ");
}
