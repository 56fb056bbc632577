namespace Platform.Digits;

/// <summary>What the program is asked to do: the demo, or <c>job</c> with options.</summary>
/// <param name="Version">The version that scores; null for the one in production.</param>
/// <param name="Variable">The environment, with the options before it.</param>
/// <param name="Usage">Set where the arguments are none that it knows.</param>
internal sealed record CommandLine(bool IsJob, string? Version, Func<string, string?> Variable, string? Usage)
{
    private const string Help =
        """
        Usage: dotnet run --project samples/digits                    the demo
               dotnet run --project samples/digits -- job [options]   a batch job over the test images

          --api <address>      of the Api (API_URL, or http://localhost:5080)
          --key <key>          with the roles operator, viewer and inference (ADMIN_KEY)
          --version <version>  of the model digits that scores; without it the one in production
        """;

    public static CommandLine Parse(string[] args, Func<string, string?> environment)
    {
        if (args.Length == 0) return new(false, null, environment, null);
        if (args[0] != "job" || args.Length % 2 == 0) return Unknown(environment);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < args.Length; i += 2)
        {
            if (args[i] is not ("--api" or "--key" or "--version") || !options.TryAdd(args[i], args[i + 1])) return Unknown(environment);
        }

        return new(
            true,
            options.GetValueOrDefault("--version"),
            name => name switch
            {
                // The address that is given comes before the one that AppHost passes.
                "services__api__http__0" => options.GetValueOrDefault("--api") ?? environment(name),
                "ADMIN_KEY" => options.GetValueOrDefault("--key") ?? environment(name),
                _ => environment(name),
            },
            null);
    }

    private static CommandLine Unknown(Func<string, string?> environment) => new(false, null, environment, Help);
}
