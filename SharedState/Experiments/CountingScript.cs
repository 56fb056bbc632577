namespace Platform.SharedState.Experiments;

/// <summary>Counts units and outcomes, each once, however often the script is run with it.</summary>
internal static class CountingScript
{
    /// <summary>What an outcome of one item is.</summary>
    public const string UnitOnly = "";
    public const string Proportion = "p";
    public const string Mean = "m";
    public const string Before = "b";

    /// <summary>Arguments before the items, and of each item.</summary>
    public const int HeadLength = 3;
    public const int ItemLength = 6;

    /// <summary>
    /// KEYS: units, sums. ARGV: how many arms, the most units, when both keys expire (s); then of each item: unit, arm,
    /// metric, what it is, value, bucket. A unit's field holds its arm, "unit|metric" its first outcome. A mark is the counts
    /// of all arms, taken when each has grown by a twentieth: ProportionSequence's blocks, closed by the numbers of
    /// outcomes alone and in the order in which they came.
    /// </summary>
    public const string Text = """
        local units, sums = KEYS[1], KEYS[2]
        local arms, most = tonumber(ARGV[1]), tonumber(ARGV[2])

        local function number(field) return tonumber(redis.call('HGET', sums, field) or '0') end
        local function count(field) redis.call('HINCRBY', sums, field, 1) end
        local function add(field, value) redis.call('HINCRBYFLOAT', sums, field, string.format('%.17g', value)) end

        local function admit(unit, arm)
          local known = redis.call('HGET', units, unit)
          if known then return known end
          if number('units') >= most then
            count('refused')
            return nil
          end
          redis.call('HSET', units, unit, arm)
          count('units')
          count('u|' .. arm)
          return arm
        end

        local function pair(unit, arm, metric)
          local y, x = redis.call('HGET', units, unit .. '|' .. metric), redis.call('HGET', units, unit .. '|' .. metric .. '.before')
          if not (y and x) then return end
          y, x = tonumber(y), tonumber(x)
          local at = 'c|' .. metric .. '|' .. arm .. '|'
          count(at .. 'n')
          add(at .. 'y', y)
          add(at .. 'yy', y * y)
          add(at .. 'x', x)
          add(at .. 'xx', x * x)
          add(at .. 'xy', x * y)
        end

        local function mark(metric)
          for a = 0, arms - 1 do
            local before = number('k|' .. metric .. '|' .. a)
            if number('n|' .. metric .. '|' .. a) - before < math.max(1, 0.05 * before) then return end
          end
          local line = {}
          for a = 0, arms - 1 do
            local n = redis.call('HGET', sums, 'n|' .. metric .. '|' .. a)
            redis.call('HSET', sums, 'k|' .. metric .. '|' .. a, n)
            line[#line + 1] = n .. ',' .. (redis.call('HGET', sums, 'e|' .. metric .. '|' .. a) or '0')
          end
          redis.call('HSET', sums, 'marks|' .. metric, (redis.call('HGET', sums, 'marks|' .. metric) or '') .. table.concat(line, ',') .. ';')
        end

        local function outcome(unit, arm, metric, what, value, bucket)
          local name = metric
          if what == 'b' then name = metric .. '.before' end
          if redis.call('HSETNX', units, unit .. '|' .. name, value) == 0 then return end
          if what ~= 'b' then
            count('n|' .. metric .. '|' .. arm)
            if what == 'p' then
              redis.call('HINCRBY', sums, 'e|' .. metric .. '|' .. arm, value)
              mark(metric)
            else
              add('s|' .. metric .. '|' .. arm, tonumber(value))
              add('q|' .. metric .. '|' .. arm, tonumber(value) * tonumber(value))
              if bucket ~= '' then count('h|' .. metric .. '|' .. arm .. '|' .. bucket) end
            end
          end
          pair(unit, arm, metric)
        end

        for i = 4, #ARGV, 6 do
          local unit, arm = ARGV[i], ARGV[i + 1]
          local known = admit(unit, arm)
          if known and known ~= arm then
            count('crossed')
          elseif known and ARGV[i + 2] ~= '' then
            outcome(unit, arm, ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
          end
        end
        redis.call('EXPIRE', units, ARGV[3])
        redis.call('EXPIRE', sums, ARGV[3])
        return 1
        """;
}
