using Aspire.Hosting.Running;

namespace AppHost.Tests.Local;

public class RestartPolicyTests
{
    [Theory]
    [InlineData(true, 0, 1, 0, "JobFinished", 0, 0)]
    [InlineData(true, 1, 1, 0, "Crashed", 0.5, 1)]
    [InlineData(false, 0, 1, 0, "Crashed", 0.5, 1)]
    [InlineData(false, 137, 1, 1, "Crashed", 1, 2)]
    [InlineData(false, 137, 1, 4, "Crashed", 8, 5)]
    [InlineData(false, 137, 1, 5, "Crashed", 10, 6)]
    [InlineData(false, 137, 1, 1000, "Crashed", 10, 1001)]
    [InlineData(false, 137, 30, 7, "Crashed", 0.5, 1)]
    public void Decide_AnEnd_GivesReasonDelayAndAttempt(bool isJob, int exitCode, double uptime, int attempt, string reason, double delay, int next)
    {
        var decision = RestartPolicy.Decide(isJob, exitCode, TimeSpan.FromSeconds(uptime), attempt);

        Assert.Equal(new RestartDecision(Enum.Parse<RestartReason>(reason), TimeSpan.FromSeconds(delay), next), decision);
    }
}
