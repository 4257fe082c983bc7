using System.Reflection;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Tests.Storage.Gate;

namespace Vorel.Core.Tests.Audit;

/// <summary>What can be put into the log at all: ids, words of closed sets and counts.</summary>
public sealed class AuditEventTests
{
    private static readonly Assembly s_core = typeof(AuditEvent).Assembly;

    private static readonly IReadOnlyList<PropertyInfo> s_actions =
        [.. typeof(AuditAction).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == typeof(AuditAction))];

    [Fact]
    public void There_is_no_member_that_free_text_fits_in()
    {
        Type[] fit = [typeof(AuditAction), typeof(AuditActor), typeof(AuditActorKind), typeof(AuditCode), typeof(Guid?), typeof(IReadOnlyDictionary<AuditCount, long>)];
        Assert.Empty(Settable(typeof(AuditEvent)).Select(member => member.PropertyType).Except(fit));

        // The two texts of an actor are parsed.
        Assert.Equal(["Conversation", "RequestId"], Settable(typeof(AuditActor)).Select(member => member.Name).Order());
        Assert.Equal([typeof(AuditActorKind), typeof(string)], Assert.Single(typeof(AuditActor).GetConstructors()).GetParameters().Select(parameter => parameter.ParameterType));
        foreach (var closed in new[] { typeof(AuditAction), typeof(AuditCode), typeof(AuditCount) })
        {
            Assert.True(closed.IsSealed);
            Assert.Empty(closed.GetConstructors());
            Assert.Empty(Settable(closed));
            Assert.DoesNotContain(
                closed.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType == closed),
                method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(string)));
        }
    }

    [Fact]
    public void Every_action_has_a_name_of_its_own_and_somebody_who_writes_it()
    {
        var names = s_actions.Select(action => ((AuditAction)action.GetValue(null)!).Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z_]+[.][a-z_]+$", name));

        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var used = s_core.GetTypes()
            .Where(type => type != typeof(AuditAction))
            .SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            .SelectMany(MemberUse.Of)
            .OfType<MethodInfo>()
            .ToHashSet();
        Assert.Empty(s_actions.Where(action => !used.Contains(action.GetMethod!)).Select(action => action.Name));
    }

    [Theory]
    [InlineData(AuditActorKind.Operator, "ada@example.com")]
    [InlineData(AuditActorKind.Operator, "")]
    [InlineData(AuditActorKind.Operator, "vorel")]
    [InlineData(AuditActorKind.System, "development")]
    [InlineData(AuditActorKind.ApiKey, "vapk_live_000000000000")]
    [InlineData(AuditActorKind.ApiKey, "development")]
    [InlineData(AuditActorKind.Tool, "+14155550100")]
    [InlineData(AuditActorKind.Tool, "{0198c0de-0000-7000-8000-000000000001}")]
    [InlineData(AuditActorKind.Tool, "0198C0DE-0000-7000-8000-000000000001")]
    public void An_actor_is_an_id_and_a_refused_one_is_not_repeated(AuditActorKind kind, string id)
    {
        var refused = Assert.Throws<ArgumentException>(() => new AuditActor(kind, id));
        Assert.True(id.Length == 0 || !refused.Message.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_is_an_id() =>
        Assert.Throws<ArgumentException>(() => AuditActor.System with { RequestId = "Ada Example" });

    [Fact]
    public void A_kind_of_hint_that_nobody_knows_is_counted_without_its_name() =>
        Assert.Equal("other_purged", AuditCount.Swept("Ada Example", Core.Retention.SweepOutcome.Purged).Name);

    [Fact]
    public void Every_code_of_a_CRM_is_a_code() =>
        Assert.All(Enum.GetValues<CrmErrorCode>(), code => Assert.Equal(code.Wire(), AuditCode.Of(code).Name));

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(property => property.CanWrite);
}
