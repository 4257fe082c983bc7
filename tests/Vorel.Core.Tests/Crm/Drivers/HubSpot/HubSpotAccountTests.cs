using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.HubSpot;
using FakeObjectType = Vorel.Fakes.HubSpot.HubSpotObjectType;
using FakeProperty = Vorel.Fakes.HubSpot.HubSpotProperty;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

/// <summary>Whose account it is, what its grant allows, and what there is in it.</summary>
public sealed class HubSpotAccountTests : IAsyncLifetime
{
    private readonly HubSpotStage _stage = new();

    public Task InitializeAsync() => _stage.Start();

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task The_connection_test_names_the_scopes_that_are_missing()
    {
        _stage.Scopes = [.. HubSpotDefaults.Scopes.Except(["tickets", "crm.schemas.deals.write"])];
        var exception = await Assert.ThrowsAsync<CrmException>(() => _stage.Open().TestConnection(default));
        Assert.Equal((CrmErrorCode.InsufficientScope, false), (exception.Code, exception.Retryable));
        Assert.Contains("tickets, crm.schemas.deals.write", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_connection_test_refuses_a_token_of_another_account()
    {
        var exception = await Assert.ThrowsAsync<CrmException>(() => _stage.Open(new JsonObject { ["portal_id"] = 7 }).TestConnection(default));
        Assert.Equal(CrmErrorCode.AuthError, exception.Code);
    }

    [Fact]
    public async Task Shows_the_objects_and_fields_of_the_account()
    {
        _stage.HubSpot.Portal.Add(
            new FakeObjectType("cars", "2-1234", "CAR") { ReadScopes = ["oauth"], SchemaReadScopes = ["oauth"] }, new FakeProperty("plate", "Plate", "string", "text"));
        _stage.Scopes = [.. HubSpotDefaults.Scopes, "crm.schemas.custom.read"];
        var schema = await _stage.Open().Introspect(default);
        Assert.Equal(["contacts", "deals", "tickets", "meetings", "notes", "cars"], schema.Objects.Select(one => one.Name));
        var deals = schema.Objects[1].Fields;
        Assert.Contains(new CrmSchemaField("dealname", "Dealname", "string", Required: true, ReadOnly: false), deals);
        Assert.Contains(new CrmSchemaField("hs_object_id", "Hs Object Id", "number", Required: false, ReadOnly: true), deals);
    }
}
