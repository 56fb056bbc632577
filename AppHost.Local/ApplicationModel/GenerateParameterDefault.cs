using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

public sealed class GenerateParameterDefault : ParameterDefault
{
    // Look-alikes are left out, and whatever a command line, a URL or a connection string would trip over.
    private const string LowerChars = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperChars = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericChars = "0123456789";
    private const string SpecialChars = "-_.{}~()*+!";

    public int MinLength { get; set; } = 22;

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    private (bool Allowed, string Name, string Chars, int Min, string MinName)[] Classes =>
    [
        (Lower, "lower", LowerChars, MinLower, "minLower"),
        (Upper, "upper", UpperChars, MinUpper, "minUpper"),
        (Numeric, "numeric", NumericChars, MinNumeric, "minNumeric"),
        (Special, "special", SpecialChars, MinSpecial, "minSpecial"),
    ];

    public override string GetDefaultValue()
    {
        var choices = string.Concat(Classes.Where(c => c.Allowed).Select(c => c.Chars));
        if (choices.Length == 0) throw new InvalidOperationException("A generated parameter needs one class of characters at least.");
        var required = Classes.SelectMany(c => RandomNumberGenerator.GetItems<char>(c.Chars, c.Min)).ToArray();
        var rest = RandomNumberGenerator.GetItems<char>(choices, Math.Max(0, MinLength - required.Length));
        char[] value = [.. required, .. rest];
        RandomNumberGenerator.Shuffle(value.AsSpan());
        return new string(value);
    }

    public override void WriteToManifest(ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", MinLength);
        foreach (var (_, name, _, _, _) in Classes.Where(c => !c.Allowed)) context.Writer.WriteBoolean(name, false);
        foreach (var (_, _, _, min, name) in Classes.Where(c => c.Min > 0)) context.Writer.WriteNumber(name, min);
        context.Writer.WriteEndObject();
    }
}
