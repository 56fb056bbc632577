using Platform.Architecture.Tests.Reading;
using Platform.Architecture.Tests.Rules;

namespace Platform.Architecture.Tests;

public sealed class RepositoryTests
{
    [Theory]
    [MemberData(nameof(AllRules.Names), MemberType = typeof(AllRules))]
    public void ThisRepository_Keeps(string rule)
    {
        var violations = AllRules.ByName[rule](Repository.Files).ToArray();
        Assert.True(violations.Length == 0, $"Broken: {rule}.{Environment.NewLine}{string.Join(Environment.NewLine, violations.AsEnumerable())}");
    }

    [Fact]
    public void ThisRepository_IsRead()
    {
        Assert.Contains(Repository.Files, file => file.Path == "Core/Core.csproj" && file.Text.Length > 0);
        Assert.Contains(Repository.Files, file => file.Path == "tests/Architecture.Tests/RepositoryTests.cs" && file.IsTest);
        Assert.DoesNotContain(Repository.Files, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }
}
