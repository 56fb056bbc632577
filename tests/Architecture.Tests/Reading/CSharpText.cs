namespace Platform.Architecture.Tests.Reading;

/// <summary>Blanks comments and literals, so that text rules see code only. Code inside interpolated strings stays.</summary>
internal sealed class CSharpText
{
    private readonly string text;

    private readonly char[] code;

    private int at;

    private CSharpText(string text)
    {
        this.text = text;
        code = text.ToCharArray();
    }

    public static string WithoutCommentsAndLiterals(string text)
    {
        var reader = new CSharpText(text);
        while (reader.at < text.Length)
            reader.Step();
        return new string(reader.code);
    }

    private void Step()
    {
        if (Starts("//")) BlankUntil("\n", including: false);
        else if (Starts("/*")) BlankUntil("*/", including: true);
        else if (text[at] == '\'') Literal('\'', interpolated: false);
        else if (text[at] is '"' or '$' or '@') TryString();
        else at++;
    }

    private void TryString()
    {
        var prefix = 0;
        while (Peek(prefix) is '$' or '@')
            prefix++;
        var quotes = 0;
        while (Peek(prefix + quotes) == '"')
            quotes++;
        var marks = text.AsSpan(at, prefix);
        at += prefix;
        if (quotes == 0)
            at += prefix == 0 ? 1 : 0;
        else if (marks.Contains('@'))
            Verbatim(interpolated: marks.Contains('$'));
        else if (quotes >= 3)
            BlankUntil(new string('"', quotes), including: true, from: quotes);
        else
            Literal('"', interpolated: marks.Contains('$'));
    }

    private void Literal(char quote, bool interpolated)
    {
        Blank();
        while (at < text.Length && text[at] != quote && text[at] != '\n')
        {
            if (text[at] == '\\') Blank();
            if (interpolated && text[at] == '{') Hole();
            else if (at < text.Length) Blank();
        }

        if (Peek(0) == quote) Blank();
    }

    private void Verbatim(bool interpolated)
    {
        Blank();
        while (at < text.Length)
        {
            if (Starts("\"\"")) Blank();
            else if (text[at] == '"') break;
            if (interpolated && text[at] == '{') Hole();
            else Blank();
        }

        if (at < text.Length) Blank();
    }

    private void Hole()
    {
        Blank();
        if (Peek(0) == '{')
        {
            Blank();
            return;
        }

        for (var depth = 1; at < text.Length && text[at] != '\n' && depth > 0;)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0) Blank();
            else Step();
        }
    }

    private void BlankUntil(string end, bool including, int from = 2)
    {
        var found = text.IndexOf(end, Math.Min(at + from, text.Length), StringComparison.Ordinal);
        var stop = found < 0 ? text.Length : found + (including ? end.Length : 0);
        while (at < stop)
            Blank();
    }

    private void Blank()
    {
        if (code[at] is not ('\n' or '\r'))
            code[at] = ' ';
        at++;
    }

    private bool Starts(string prefix) => string.CompareOrdinal(text, at, prefix, 0, prefix.Length) == 0;

    private char Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';
}
