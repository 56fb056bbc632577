using System.Text.RegularExpressions;
using Aspire.Hosting.Running;
using Spectre.Console;

namespace Aspire.Hosting.Reporting;

/// <summary>Everything the AppHost prints: whole lines, each behind the name of the replica it comes from.</summary>
internal sealed partial class ConsoleLines(ReplicaSet replicas)
{
    private const string Own = "apphost";

    private static readonly Color[] Palette =
        [Color.Aqua, Color.Lime, Color.Yellow, Color.Fuchsia, Color.DodgerBlue1, Color.Orange1, Color.SpringGreen2, Color.MediumPurple1];

    private readonly Lock gate = new();
    private readonly bool isTerminal = !Console.IsOutputRedirected;

    public void Write(Replica replica, string line) => Write(replica.DisplayName, line);

    public void Say(string line) => Write(Own, line);

    public void Show(Action<IAnsiConsole> show)
    {
        lock (gate) show(Terminal());
    }

    private void Write(string name, string line)
    {
        // Colours are for terminals; a file or a pipe would have to be cleaned of them.
        var text = isTerminal ? line : Escapes().Replace(line, "");
        var prefix = name.PadRight(Math.Max(Own.Length, replicas.All.Select(replica => replica.DisplayName.Length).DefaultIfEmpty(0).Max()));
        lock (gate)
        {
            if (isTerminal) AnsiConsole.Write(new Text($"{prefix} | ", new Style(ColorOf(name))));
            else Console.Out.Write($"{prefix} | ");
            Console.Out.WriteLine(text);
        }
    }

    private Color ColorOf(string name)
    {
        var index = replicas.All.Select(replica => replica.DisplayName).ToList().IndexOf(name);
        return index < 0 ? Color.Grey : Palette[index % Palette.Length];
    }

    /// <summary>A pipe has no width; a table in it is not to be folded.</summary>
    private IAnsiConsole Terminal()
    {
        if (isTerminal) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        plain.Profile.Width = 200;
        return plain;
    }

    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex Escapes();
}
