using System.Text.Json;
using Platform.Core.Protection;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Protection;

public sealed class ProtectionRulesTests
{
    [Theory]
    [InlineData("""{"inputs":{"mode":"enforce","min":2,"max":1}}""", "config.protection.inputs.max")]
    [InlineData("""{"squeezing":{"mode":"observe","sample":0}}""", "config.protection.squeezing.sample")]
    [InlineData("""{"squeezing":{"bits":9}}""", "config.protection.squeezing.bits")]
    [InlineData("""{"extraction":{"mode":"enforce","throttle":"0s"}}""", "config.protection.extraction.throttle")]
    [InlineData("""{"outputs":{"roles":["nobody"],"digits":2}}""", "config.protection.outputs.roles")]
    [InlineData("""{"outputs":{"digits":10}}""", "config.protection.outputs.digits")]
    [InlineData("""{"outputs":{"top_k":0}}""", "config.protection.outputs.top_k")]
    [InlineData("""{"outputs":{}}""", "config.protection.outputs")]
    public void Refuse_WhatMakesNoSense_NamesTheField(string json, string field) => Assert.Equal(field, DeploymentRules.Refuse(Config(json))?.Field);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"inputs":{"mode":"enforce"},"distance":{"mode":"observe"},"squeezing":{"mode":"enforce","sample":0.1,"bits":1},"extraction":{"mode":"enforce","throttle":"5m"},"outputs":{"digits":2,"top_k":3,"roles":["inference"]}}""")]
    public void Refuse_WhatMakesSense_IsNull(string json) => Assert.Null(DeploymentRules.Refuse(Config(json)));

    private static DeploymentConfig Config(string json) => new(Protection: JsonSerializer.Deserialize<ProtectionConfig>(json, PlatformJson.Options));
}
