using System.Text.Json;
using Microsoft.Extensions.Configuration.UserSecrets;
using Aspire.Hosting.Parameters;

namespace AppHost.Tests.Local;

public sealed class ParameterTests : LocalTest
{
    private string SecretsId => Path.GetFileName(Folder.Path);

    [Fact]
    public async Task Generated_FirstRun_IsKeptForTheNext()
    {
        var first = await ValueAsync();
        var second = await ValueAsync();

        Assert.Equal(43, first.Length);
        Assert.Equal(first, second);
        Assert.Equal(first, Secrets()["Parameters:admin-key"]);
    }

    [Theory]
    [InlineData("--Parameters:admin-key=mine")]
    [InlineData("--Parameters:admin_key=mine")]
    public async Task Configured_Value_WinsAndIsNotKept(string argument)
    {
        Assert.Equal("mine", await ValueAsync(argument));
        Assert.False(File.Exists(SecretsPath()));
    }

    [Theory]
    [InlineData("--Parameters:admin-key=mine")]
    [InlineData("--Parameters:admin_key=mine")]
    public async Task Configured_Value_IsStrongerThanAKeptOne(string argument)
    {
        var kept = await ValueAsync();

        Assert.Equal("mine", await ValueAsync(argument));
        Assert.Equal(kept, await ValueAsync());
    }

    [Fact]
    public async Task Missing_WithoutDefault_IsRefusedWithHowToSetIt()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddParameter("api-key", secret: true);

        var refusal = await Assert.ThrowsAsync<MissingParameterValueException>(() => LocalApp.StartAsync(builder, Cancellation));

        Assert.Contains("'api-key'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet user-secrets --project AppHost set Parameters:api-key", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Parameters__api_key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretAndPublished_Together_AreRefused()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);

        Assert.Throws<ArgumentException>(() => builder.AddParameter("key", "value", publishValueAsDefault: true, secret: true));
    }

    [Fact]
    public async Task UserSecrets_ManyAtOnce_LoseNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => new UserSecrets(SecretsId).GetOrAdd($"Parameters:p{i}", () => $"{i}"))));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}").Order(), Secrets().Values.Order());
    }

    [Fact]
    public void UserSecrets_File_IsForItsOwnerOnly()
    {
        new UserSecrets(SecretsId).GetOrAdd("key", () => "value");

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SecretsPath()));
    }

    [Fact]
    public void Generated_Value_HasOnlyTheClassesAskedFor()
    {
        var value = new GenerateParameterDefault { MinLength = 200, Upper = false, Special = false, MinNumeric = 5 }.GetDefaultValue();

        Assert.Equal(200, value.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
        Assert.InRange(value.Count(char.IsAsciiDigit), 5, 200);
    }

    private async Task<string> ValueAsync(params string[] args)
    {
        var builder = LocalApp.CreateBuilder(Folder.Path, args);
        var parameter = builder.AddParameter("admin-key", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);
        return (await parameter.Resource.GetValueAsync(Cancellation))!;
    }

    private string SecretsPath() => PathHelper.GetSecretsPathFromSecretsId(SecretsId);

    private Dictionary<string, string> Secrets() => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(SecretsPath()))!;
}
