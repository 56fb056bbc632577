using Platform.Core.Serving;
using static Platform.Core.Tests.Serving.ServingSamples;

namespace Platform.Core.Tests.Serving;

public sealed class ModelPlanTests
{
    private static readonly ModelPlan Plan = new("m", 1, [Placed("1.0.0"), Placed("2.0.0-rc.1+b7")], []);

    [Theory]
    [InlineData("1.0.0", "1.0.0"), InlineData("1.0.0+any", "1.0.0")]
    [InlineData("2.0.0-rc.1", "2.0.0-rc.1+b7"), InlineData("2.0.0-rc.1+b7", "2.0.0-rc.1+b7"), InlineData("2.0.0-rc.1+c", "2.0.0-rc.1+b7")]
    public void Find_IgnoresBuildMetadata(string asked, string found) => Assert.Equal(found, Plan.Find(asked)?.Version);

    [Theory]
    [InlineData("1.0.1"), InlineData("2.0.0"), InlineData("1.0"), InlineData(""), InlineData("latest")]
    public void Find_OfWhatIsNotPlaced_IsNull(string asked) => Assert.Null(Plan.Find(asked));
}
