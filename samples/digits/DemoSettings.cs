namespace Platform.Digits;

/// <summary>Where the platform is, and the key that opens it.</summary>
/// <param name="Address">Address of the Api's HTTP port.</param>
/// <param name="Key">An API key with the roles operator and inference; AppHost's admin key has them.</param>
internal sealed record DemoSettings(Uri Address, string Key)
{
    private const string DefaultAddress = "http://localhost:5080";

    private const string HowToGetAKey =
        """
        Set ADMIN_KEY to an API key of the platform. AppHost generates one, gives it to this demo, prints it when it has started,
        and keeps it in its user secrets: dotnet user-secrets list --project AppHost (Parameters:admin-key)
        """;

    /// <summary>Reads what AppHost's reference sets (<c>services__api__http__0</c>), else <c>API_URL</c>, else the development address.</summary>
    /// <exception cref="DemoException">The key is missing, or the address is no address.</exception>
    public static DemoSettings From(Func<string, string?> variable)
    {
        var address = NotEmpty(variable("services__api__http__0")) ?? NotEmpty(variable("API_URL")) ?? DefaultAddress;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new DemoException($"'{address}' is no address. Set API_URL to the Api's, such as {DefaultAddress}.");
        return new(uri, NotEmpty(variable("ADMIN_KEY")) ?? throw new DemoException(HowToGetAKey));
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
