namespace Platform.SharedState.Tests;

public sealed class PulseTests
{
    [Fact]
    public void Pulse_OfOneLateAnswer_IsThere() => Assert.False(Pulse.Answered.Silent.IsDown);

    [Fact]
    public void Pulse_OfTwoLateAnswersInARow_IsDownUntilAnAnswerCame()
    {
        var silent = Pulse.Answered.Silent.Silent;

        Assert.True(silent.IsDown);
        Assert.True(silent.Silent.IsDown);
        Assert.False(Pulse.Answered.Silent.IsDown);
    }

    [Fact]
    public void Pulse_OfABrokenConnection_IsDownAtOnceAndStaysSoWhileSilent()
    {
        Assert.True(Pulse.Broken.IsDown);
        Assert.True(Pulse.Broken.Silent.IsDown);
    }
}
