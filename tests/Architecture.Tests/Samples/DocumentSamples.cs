namespace Platform.Architecture.Tests.Samples;

/// <summary>Rows: rule, path, text, path of another file that is there.</summary>
internal static class DocumentSamples
{
    private const string Manifest = "the manifest names no machine's path";
    private const string Links = "links in documents resolve";
    private const string Names = "names in documents exist";
    private const string Commands = "commands in documents name projects";
    private const string ManifestFile = "aspire-manifest.json";

    public static TheoryData<string, string, string, string> Bad => new()
    {
        { Manifest, ManifestFile, """{"resources":{"api":{"path":"/src/Api/Api.csproj"}}}""", "" },
        { Manifest, ManifestFile, """{"env":{"Artifacts__Folder":"/home/someone/platform/.data"}}""", "" },
        { Manifest, ManifestFile, """{"args":["--dir=C:\\platform"]}""", "" },
        { Links, "README.md", "See [the design](docs/design.md).", "docs/other.md" },
        { Links, "docs/a.md", "![picture](b.png)", "docs/c.png" },
        { Names, "README.md", "Look at `Core/Gone.cs`.", "Core/Here.cs" },
        { Names, "docs/a.md", "Look at `gone.md`.", "" },
        { Names, "docs/a.md", "The folder `Core/Gone` has it.", "Core/Here.cs" },
        { Names, "docs/a.md", "The room `Gone/` has it.", "Core/Here.cs" },
        { Commands, "README.md", "```\ndotnet run --project Gone -- --demo\n```", "AppHost/AppHost.csproj" },
        { Commands, "README.md", "`dotnet build tests/Gone`", "tests/Api.Tests/Api.Tests.csproj" },
    };

    public static TheoryData<string, string, string, string> Good => new()
    {
        { Manifest, ManifestFile, """{"resources":{"api":{"path":"Api/Api.csproj","url":"http://localhost:80/home/","target":"/data"}}}""", "" },
        { Links, "docs/a.md", "[b](b.md#part) [root](../docs/b.md) [web](https://example.org/x) [here](#part)", "docs/b.md" },
        { Links, "README.md", "`[not](a-link.md)`", "" },
        { Names, "README.md", "`Core/Here.cs`, `Here.cs`, `Core/`, `Core`, `/v1/models`, `XEndpoints.cs`, `.data/`, `{model}.json`, `a/b`", "Core/Here.cs" },
        { Names, "docs/a.md", "`b.md` and `../docs/b.md`\n```\nCore/Gone.cs\n```", "docs/b.md" },
        { Commands, "README.md", "`dotnet test`, then `dotnet run --project AppHost -p:UseAspire=true`; `dotnet build`", "AppHost/AppHost.csproj" },
    };
}
