using System.Globalization;
using System.Text;

namespace Platform.Benchmarks.Speed.Peers;

/// <summary>A host that AppHost has started.</summary>
/// <param name="Address">Where it listens itself: what AppHost publishes is a proxy in front of it.</param>
internal sealed record ChildProcess(int Id, Uri Address)
{
    public static ChildProcess Find(int parent, string assembly)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id)) continue;
            try
            {
                if (ParentOf(folder) == parent && Texts(folder, "cmdline").Any(text => text.EndsWith(assembly, StringComparison.Ordinal)))
                    return new(id, AddressOf(folder));
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        throw new InvalidOperationException($"AppHost runs no {assembly}.");
    }

    private static int ParentOf(string folder)
    {
        var stat = File.ReadAllText(Path.Combine(folder, "stat"));
        return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static Uri AddressOf(string folder)
    {
        var urls = Texts(folder, "environ").FirstOrDefault(text => text.StartsWith("ASPNETCORE_URLS=", StringComparison.Ordinal));
        return urls is null ? new Uri("http://localhost") : new Uri(urls["ASPNETCORE_URLS=".Length..].Split(';')[0]);
    }

    private static string[] Texts(string folder, string file) =>
        Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, file))).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
