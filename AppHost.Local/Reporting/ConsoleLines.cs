using System.Text.RegularExpressions;
using Aspire.Hosting.Running;
using Spectre.Console;

namespace Aspire.Hosting.Reporting;

/// <summary>Everything the AppHost prints: whole lines, each behind the name of the replica it comes from.</summary>
internal sealed partial class ConsoleLines(ReplicaSet replicas, TextWriter output)
{
    private const string Own = "apphost";

    private static readonly Color[] Palette =
        [Color.Aqua, Color.Lime, Color.Yellow, Color.Fuchsia, Color.DodgerBlue1, Color.Orange1, Color.SpringGreen2, Color.MediumPurple1];

    private readonly Lock gate = new();
    private readonly bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    public void Write(Replica replica, string line) => Write(replica.DisplayName, line);

    public void Say(string line) => Write(Own, line);

    public void Show(Action<IAnsiConsole> show)
    {
        lock (gate) show(Terminal());
    }

    private void Write(string name, string line)
    {
        var names = replicas.All.Select(replica => replica.DisplayName).ToList();
        var prefix = $"{name.PadRight(names.Append(Own).Max(known => known.Length))} | ";
        lock (gate)
        {
            if (isTerminal) AnsiConsole.Write(new Text(prefix, new Style(ColorOf(names.IndexOf(name)))));
            else output.Write(prefix);
            // Colours are for terminals; a file or a pipe would have to be cleaned of them.
            output.WriteLine(isTerminal ? line : Escapes().Replace(line, ""));
        }
    }

    private static Color ColorOf(int index) => index < 0 ? Color.Grey : Palette[index % Palette.Length];

    /// <summary>A pipe has no width; a table in it is not to be folded.</summary>
    private IAnsiConsole Terminal()
    {
        if (isTerminal) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output),
        });
        plain.Profile.Width = 200;
        return plain;
    }

    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex Escapes();
}
